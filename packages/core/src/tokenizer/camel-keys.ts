/** `codebook_size` as `codebookSize`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** The same values under names in camel case. */
export type CamelKeys<Fields> = { readonly [Name in keyof Fields as CamelCase<Name & string>]: Fields[Name] };

/** Official argument names as ours: `codebook_size` becomes `codebookSize`. Values stay as they are. */
export function camelKeys<Fields extends object>(fields: Fields): CamelKeys<Fields> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(entries) as CamelKeys<Fields>;
}
