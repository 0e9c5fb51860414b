/** Controls, and marks that would reorder what is around them: a text shall not steer the terminal or the page. */
const unseen = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]/gu;

/** A text with everything in it to be seen: a line ends with `↵`, controls have their pictures, `␛` for escape. */
export function visibleText(text: string): string {
  return text.replace(unseen, picture).replaceAll('\n', '↵\n');
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
