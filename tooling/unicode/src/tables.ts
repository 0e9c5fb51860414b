import { propertyValues, type UnicodeData } from './data';
import { nameWords, scriptWords } from './name-words';
import { codePoints, difference, encodeRuns } from './runs';

/** Version of the main tables: that of the regular expressions of tiktoken and of Hugging Face tokenizers. */
export const mainVersion = '16.0.0';

/** Version of the grapheme clusters: that of Rust's unicode-segmentation. */
const graphemeVersion = '17.0.0';

/** Order of the general categories in the table; the packages' `GeneralCategory` repeats it. */
const categories = [
  'Unassigned',
  'Uppercase_Letter',
  'Lowercase_Letter',
  'Titlecase_Letter',
  'Modifier_Letter',
  'Other_Letter',
  'Nonspacing_Mark',
  'Spacing_Mark',
  'Enclosing_Mark',
  'Decimal_Number',
  'Letter_Number',
  'Other_Number',
  'Connector_Punctuation',
  'Dash_Punctuation',
  'Open_Punctuation',
  'Close_Punctuation',
  'Initial_Punctuation',
  'Final_Punctuation',
  'Other_Punctuation',
  'Math_Symbol',
  'Currency_Symbol',
  'Modifier_Symbol',
  'Other_Symbol',
  'Space_Separator',
  'Line_Separator',
  'Paragraph_Separator',
  'Control',
  'Format',
  'Surrogate',
  'Private_Use',
];

const graphemeBreaks = [
  'Other',
  'CR',
  'LF',
  'Control',
  'Extend',
  'ZWJ',
  'Regional_Indicator',
  'Prepend',
  'SpacingMark',
  'L',
  'V',
  'T',
  'LV',
  'LVT',
];
/** Bits added to the break class for the rules GB9c and GB11 of UAX 29. */
const pictographic = 16;
const conjunctConsonant = 32;
const conjunctLinker = 64;

/** A generated module: file name to TypeScript text. */
export interface GeneratedModule {
  readonly file: string;
  readonly text: string;
}

export async function generateModules(data: UnicodeData): Promise<readonly GeneratedModule[]> {
  const main = await propertyValues(data, mainVersion, 'General_Category', categories);
  const older = async (version: string) =>
    encodeRuns(difference(main, await propertyValues(data, version, 'General_Category', categories)));
  const scriptNames = ['Unknown', ...data.valuesOf(mainVersion, 'Script').filter((name) => name !== 'Unknown')];
  const scripts = await propertyValues(data, mainVersion, 'Script', scriptNames);
  const oldScripts = await propertyValues(data, '9.0.0', 'Script', scriptNames);
  return [
    module('general-category-data', 'General categories', [['generalCategory16', 'Unicode 16.0.', encodeRuns(main)]]),
    module(
      'general-category-changes',
      'What other Unicode versions say where they differ from 16.0: category plus one',
      [
        ['generalCategory8', 'Unicode 8.0.', await older('8.0.0')],
        ['generalCategory9', 'Unicode 9.0.', await older('9.0.0')],
        ['generalCategory17', 'Unicode 17.0.', await older('17.0.0')],
      ],
    ),
    module('script-data', 'Scripts', [
      ['scriptNames', 'Names of the values, separated by spaces.', scriptNames.join(' ')],
      ['scripts16', 'Unicode 16.0.', encodeRuns(scripts)],
      [
        'scripts9',
        'Unicode 9.0 where it differs from 16.0: script plus one.',
        encodeRuns(difference(scripts, oldScripts)),
      ],
    ]),
    module('binary-property-data', 'Derived properties, as bits: 1 Alphabetic, 2 Uppercase, 4 Lowercase', [
      ['binaryProperties16', 'Unicode 16.0.', encodeRuns(await binaryProperties(data))],
    ]),
    module('grapheme-data', 'Grapheme cluster break classes', [
      [
        'graphemeBreaks17',
        'Unicode 17.0; pictographs and conjunct classes in the bits from 16.',
        encodeRuns(await breaks(data)),
      ],
    ]),
    module('name-word-data', 'First words of the names of characters', [
      ['nameWordNames', 'The words, separated by spaces; 2 and up in the table.', scriptWords.join(' ')],
      [
        'nameWords14',
        'Unicode 14.0; 0 for code points without a name, 1 for all other words.',
        encodeRuns(await nameWords(data)),
      ],
    ]),
  ];
}

async function binaryProperties(data: UnicodeData): Promise<Uint8Array> {
  const values = new Uint8Array(codePoints);
  for (const [index, name] of ['Alphabetic', 'Uppercase', 'Lowercase'].entries()) {
    for (const codePoint of await data.codePointsOf(mainVersion, `Binary_Property/${name}`)) {
      values[codePoint]! |= 1 << index;
    }
  }
  return values;
}

async function breaks(data: UnicodeData): Promise<Uint8Array> {
  const values = await propertyValues(data, graphemeVersion, 'Grapheme_Cluster_Break', graphemeBreaks);
  const add = async (path: string, bits: number) => {
    for (const codePoint of await data.codePointsOf(graphemeVersion, path)) values[codePoint]! |= bits;
  };
  await add('Binary_Property/Extended_Pictographic', pictographic);
  await add('Indic_Conjunct_Break/Consonant', conjunctConsonant);
  await add('Indic_Conjunct_Break/Linker', conjunctLinker);
  return values;
}

function module(
  file: string,
  title: string,
  constants: readonly (readonly [string, string, string])[],
): GeneratedModule {
  const body = constants.map(([name, comment, value]) => `/** ${comment} */\nexport const ${name} =\n  '${value}';\n`);
  return { file: `${file}.ts`, text: `// ${title}, written by tooling/unicode: do not edit.\n\n${body.join('\n')}` };
}
