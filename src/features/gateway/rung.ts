import type { Dialect, UpstreamModel } from "#core/dialects/dialect.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { VariantParameters } from "#core/routing/variant.ts";

/** One step of the ladder, with all that a call needs. */
export interface Rung {
  readonly deployment: string;
  readonly provider: string;
  readonly variant: string;
  readonly model: UpstreamModel;
  readonly dialect: Dialect;
  /** Where the provider's paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers with the provider's credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly privateNetwork: boolean;
  /** Whether an emulator answers instead of the provider. */
  readonly emulated: boolean;
  /** What the model costs there; absent where nobody knows. */
  readonly price?: PriceSchedule;
  /** What the variant sets; it wins over the client's wishes, because the variant is what is compared. */
  readonly parameters: VariantParameters;
}
