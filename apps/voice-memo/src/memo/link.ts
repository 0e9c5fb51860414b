const mark = '#memo=';

/** The address that plays a memo. @param page - Address of the page, without a fragment. */
export const linkOf = (page: string, memo: string): string => `${page}${mark}${memo}`;

/** Characters of a link that are not its memo's. */
export const linkCharacters = (page: string): number => linkOf(page, '').length;

/** The memo in a link or in the fragment of one; any other text as it is, without blanks around it. */
export function memoIn(text: string): string {
  const at = text.indexOf(mark);
  return (at === -1 ? text : text.slice(at + mark.length)).trim();
}
