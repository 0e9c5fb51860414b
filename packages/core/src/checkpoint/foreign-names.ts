const listedNames = 8;

/** What a message says of the code that a file names. */
export function describeForeignNames(names: readonly string[]): string {
  const more = names.length > listedNames ? ` and ${names.length - listedNames} more` : '';
  const listed = names.slice(0, listedNames).map((name) => name.slice(0, 120));
  return `The file names ${listed.join(', ')}${more}: nothing of it is run, and tensors behind it are not seen.`;
}
