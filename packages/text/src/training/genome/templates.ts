/** `[CLS] sequence [SEP]`, as a post-processor; null where the vocabulary has none of the two. */
export function clsSepTemplate(ids: ReadonlyMap<string, number>): object | null {
  const cls = ids.get('[CLS]');
  const sep = ids.get('[SEP]');
  if (cls === undefined || sep === undefined) return null;
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [cls], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [sep], tokens: ['[SEP]'] },
    },
  };
}
