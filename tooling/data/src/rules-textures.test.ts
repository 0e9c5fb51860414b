import { describe, expect, it } from 'vitest';
import { catalogueModels } from './rules-textures';

describe('catalogueModels', () => {
  it('reads creator and category by the folder of the model', () => {
    const models = catalogueModels(
      [
        'model#1=/scopia/bed1/bed1.obj',
        'category#1=Bedroom',
        'creator#1=Andr\\u00e9',
        'model#2=/scopia/man/man.obj',
        'category#2=Characters',
      ].join('\n'),
    );
    expect(models.get('bed1')).toEqual({ creator: 'André', category: 'Bedroom' });
    expect(models.get('man')).toEqual({ creator: undefined, category: 'Characters' });
  });
});
