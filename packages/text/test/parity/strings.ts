import type { ParityCase, ParityRunner } from '@tesserae/core/test';

/** The inputs of the tiktoken and hf cases, in their order. */
export interface SharedStrings {
  readonly awkward: readonly string[];
  readonly prose: readonly string[];
}

export async function sharedStrings(test: ParityCase): Promise<SharedStrings> {
  return {
    awkward: textsOf(await test.json('../../strings/awkward/awkward.json')),
    prose: textsOf(await test.json('../../strings/prose/prose.json')),
  };
}

function textsOf(json: unknown): readonly string[] {
  const list = (Array.isArray(json) ? json : (json as { readonly strings: unknown }).strings) as readonly (
    | string
    | { readonly text: string }
  )[];
  return list.map((entry) => (typeof entry === 'string' ? entry : entry.text));
}

/** Inputs only: they are there, and as many as the case says. */
export const runStrings: ParityRunner = async (test, report) => {
  const texts = textsOf(await test.json(`${test.name}.json`));
  report.equal('strings', texts.length, test.facts['strings']);
};
