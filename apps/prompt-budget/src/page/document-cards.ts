import type { FitResult } from '../fit/fit-documents';
import { fillChoice, make, toneOf } from './elements';
import { cutLabels } from './labels';
import { documentText } from './meter';
import type { PageDocument, PageState } from './page-state';

/** What a user does with a document. */
export interface CardActions {
  change(id: number, change: Partial<Omit<PageDocument, 'id'>>): void;
  move(id: number, by: -1 | 1): void;
  remove(id: number): void;
}

/** The list of documents. */
export interface DocumentCards {
  /** Makes the list what the state says; fields that are being typed in stay as they are. */
  show(state: PageState): void;
  /** Says what became of each. */
  showResult(state: PageState, result: FitResult): void;
  /** Says how many tokens a text has, while nothing more is known. */
  showTokens(id: number, tokens: number): void;
}

interface Card {
  readonly element: HTMLLIElement;
  readonly facts: HTMLElement;
  show(document: PageDocument, place: number): void;
}

export function createDocumentCards(list: HTMLElement, actions: CardActions): DocumentCards {
  const cards = new Map<number, Card>();
  return {
    show({ documents }) {
      const ids = new Set(documents.map(({ id }) => id));
      for (const [id, { element }] of cards) {
        if (ids.has(id)) continue;
        element.remove();
        cards.delete(id);
      }
      for (const [place, document] of documents.entries()) {
        const card = cards.get(document.id) ?? createCard(document, actions);
        cards.set(document.id, card);
        card.show(document, place);
        // An element that is moved loses the focus.
        if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
      }
    },
    showResult({ documents }, result) {
      for (const [place, { id }] of documents.entries()) {
        const fitted = result.documents[place];
        const facts = cards.get(id)?.facts;
        if (fitted && facts) facts.textContent = documentText(fitted);
      }
    },
    showTokens(id, tokens) {
      const facts = cards.get(id)?.facts;
      if (facts) facts.textContent = `${tokens} tokens`;
    },
  };
}

function createCard({ id, text }: PageDocument, actions: CardActions): Card {
  const name = make('input', { className: 'name', ariaLabel: 'Name' });
  const area = make('textarea', { rows: 6, ariaLabel: 'Text', spellcheck: false, value: text });
  const pin = make('button', { type: 'button', title: 'Goes in whole whatever happens' }, 'Pin');
  const priority = make('input', { type: 'number', className: 'priority', step: '1', title: 'Larger goes in first' });
  const cut = make('select', { ariaLabel: 'What is cut where it is too long' });
  fillChoice(cut, { default: 'cut as above', ...cutLabels }, 'default');
  const up = make('button', { type: 'button', ariaLabel: 'Move up' }, '↑');
  const down = make('button', { type: 'button', ariaLabel: 'Move down' }, '↓');
  const remove = make('button', { type: 'button', ariaLabel: 'Remove' }, '✕');
  const facts = make('p', { className: 'facts' });
  const head = make('div', { className: 'card-head' }, name, pin, make('label', {}, 'Priority ', priority), cut);
  head.append(up, down, remove);
  const element = make('li', { className: 'card' }, head, area, facts);

  name.addEventListener('input', () => actions.change(id, { name: name.value }));
  area.addEventListener('input', () => actions.change(id, { text: area.value }));
  pin.addEventListener('click', () => actions.change(id, { pinned: pin.ariaPressed !== 'true' }));
  priority.addEventListener('input', () => actions.change(id, { priority: Math.trunc(priority.valueAsNumber) || 0 }));
  cut.addEventListener('change', () => actions.change(id, { cut: cut.value as PageDocument['cut'] }));
  up.addEventListener('click', () => actions.move(id, -1));
  down.addEventListener('click', () => actions.move(id, 1));
  remove.addEventListener('click', () => actions.remove(id));
  return {
    element,
    facts,
    show(shown, place) {
      element.dataset['tone'] = toneOf(place);
      pin.ariaPressed = String(shown.pinned);
      if (document.activeElement !== name) name.value = shown.name;
      if (document.activeElement !== priority) priority.value = String(shown.priority);
      cut.value = shown.cut;
    },
  };
}
