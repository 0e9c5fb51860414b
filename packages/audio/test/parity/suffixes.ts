import type { ParityCase } from '@tesserae/core/test';

/** Suffixes of inputs of a name, `''` and `_T7`: a case may have several of them. */
export function suffixesOf(test: ParityCase, name: string): string[] {
  return test.inputs.flatMap((input) =>
    input === name || input.startsWith(`${name}_`) ? [input.slice(name.length)] : [],
  );
}
