import { describe, expect, it } from 'vitest';
import { copyrightOf, parseDebianCopyright } from './debian-copyright';

const text = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: example

Files: *
Copyright: 2001, Somebody
           2002, Somebody Else
License: GPL-3+

# A remark
Files: art/*.png
       art/map (old).jpg
Copyright: A. Painter
License: CC-BY-SA-3.0
Comment: https://example.org/a
 https://example.org/b

Files: art/sky?.png
Copyright: B. Painter
License: CC0
 Text of the licence.

License: GPL-3+
 Files: are not listed here
`;

describe('parseDebianCopyright', () => {
  const stanzas = parseDebianCopyright(text);

  it('reads the paragraphs that list files', () => {
    expect(stanzas.map(({ licence }) => licence)).toEqual(['GPL-3+', 'CC-BY-SA-3.0', 'CC0']);
    expect(stanzas[0]!.copyright).toEqual(['2001, Somebody', '2002, Somebody Else']);
    expect(stanzas[1]!.comment).toBe('https://example.org/a\nhttps://example.org/b');
  });

  it('gives nothing for free-form texts', () => {
    expect(parseDebianCopyright('It was downloaded from somewhere.\n\nFiles: *\nLicense: MIT\n')).toEqual([]);
  });

  it('lets the last paragraph that matches win', () => {
    expect(copyrightOf(stanzas, 'art/sky1.png')).toEqual({ author: 'B. Painter', licence: 'CC0', comment: '' });
    expect(copyrightOf(stanzas, 'art/deep/sea.png')?.licence).toBe('CC-BY-SA-3.0');
    expect(copyrightOf(stanzas, 'src/main.c')).toMatchObject({
      author: '2001, Somebody; 2002, Somebody Else',
      licence: 'GPL-3+',
    });
  });

  it('takes everything but * and ? literally', () => {
    expect(copyrightOf(stanzas, 'art/sky10.png')?.licence).toBe('CC-BY-SA-3.0');
    expect(copyrightOf(stanzas, 'art/skyxpng')?.licence).toBe('GPL-3+');
    expect(copyrightOf(stanzas.slice(1), 'src/main.c')).toBeUndefined();
  });

  it('compares stems where the package ships another format', () => {
    expect(copyrightOf(stanzas, 'art/sea.webp')?.licence).toBe('GPL-3+');
    expect(copyrightOf(stanzas, 'art/sea.webp', { byStem: true })?.licence).toBe('CC-BY-SA-3.0');
  });
});
