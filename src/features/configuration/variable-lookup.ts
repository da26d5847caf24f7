/** What `${NAME}` stands for; undefined when the variable is absent or empty. */
export type VariableLookup = (name: string) => string | undefined;
