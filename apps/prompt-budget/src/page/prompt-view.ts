import type { FitResult } from '../fit/fit-documents';
import { make, toneOf } from './elements';
import { meterParts, meterText } from './meter';

/** UTF-16 units that are shown; what is copied and saved is everything. */
const mostShown = 200_000;

/** Where the result is shown. */
export interface PromptElements {
  readonly meter: HTMLElement;
  readonly text: HTMLElement;
  readonly prompt: HTMLElement;
}

/** Shows how full the budget is and the prompt, each document on its color. */
export function showResult({ meter, text, prompt }: PromptElements, result: FitResult, names: readonly string[]): void {
  meter.classList.toggle('over', !result.fits);
  text.textContent = meterText(result);
  meter.replaceChildren(
    ...meterParts(result).map(({ document, tokens, width }) => {
      const title = `${document === undefined ? 'around the documents' : names[document]}: ${tokens} tokens`;
      const part = make('div', { title, ...(document !== undefined && { data: { tone: toneOf(document) } }) });
      part.style.width = `${width}%`;
      return part;
    }),
  );
  prompt.replaceChildren(...promptParts(result));
}

function promptParts({ prompt, documents }: FitResult): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let reached = 0;
  for (const [index, { place }] of documents.entries()) {
    if (!place) continue;
    parts.push(prompt.slice(reached, Math.min(place.start, mostShown)));
    parts.push(
      make('span', { data: { tone: toneOf(index) } }, prompt.slice(place.start, Math.min(place.end, mostShown))),
    );
    reached = place.end;
    if (reached >= mostShown) break;
  }
  parts.push(prompt.slice(reached, mostShown));
  if (prompt.length > mostShown) parts.push(`\n(${prompt.length - mostShown} more characters are copied and saved)`);
  return parts;
}
