/** An element of the page by its id. @throws {Error} The page has no such element of that kind. */
export function elementOf<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.querySelector(`#${id}`);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}.`);
}

/** Makes an element with properties and children; `data` are its data attributes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & { readonly data?: Readonly<Record<string, string>> } = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const { data = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Fills a choice; the value is one of the options. */
export function fillChoice(select: HTMLSelectElement, options: Readonly<Record<string, string>>, value: string): void {
  select.replaceChildren(...Object.entries(options).map(([key, text]) => make('option', { value: key }, text)));
  select.value = value;
}

/** Colors that documents take in turn. */
const tones = 6;

/** The color of a document by its place. */
export const toneOf = (place: number): string => String(place % tones);
