/** What happens to messages. Goes to the log; holds neither address nor secret. */
export type NotificationEvent =
  | {
      readonly kind: "notification-not-taken";
      readonly target: string;
      readonly id: string;
      readonly experiment: string;
      readonly attempts: number;
      readonly failure: string;
      /** Whether it is given up. */
      readonly isLast: boolean;
    }
  /** The results of an experiment could not be read for its verdict; it is tried again. */
  | { readonly kind: "verdict-not-read"; readonly experiment: string; readonly error: Error }
  /** Nothing could be told for now; it is tried again. */
  | { readonly kind: "notifications-failed"; readonly error: Error };
