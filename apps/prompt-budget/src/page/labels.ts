import type { Cut, Layout, Share } from '../fit/documents';

export const layoutLabels: Readonly<Record<Layout, string>> = {
  headings: 'headings',
  tags: 'tags',
  plain: 'bare texts',
};

export const shareLabels: Readonly<Record<Share, string>> = {
  first: 'the first ones',
  even: 'all evenly',
};

export const cutLabels: Readonly<Record<Cut, string>> = {
  tail: 'the end',
  head: 'the beginning',
  middle: 'the middle',
  never: 'never, leave it out',
};
