import { describe, expect, it } from 'vitest';
import { AffectomeError } from '#dist/numerics/errors.js';
import { parseConfiguration } from '#dist/study/configuration.js';
import { studySkeleton } from '#dist/study/skeleton.js';

const minimal = `name: clips
stimuli: { table: stimuli.tsv }
ratings:
  groups: { table: ratings/groups.tsv, kind: category, min: 0, max: 1 }
judges:
  words:
    kind: captions
    method: lsa
`;

function failureOf(text: string): AffectomeError {
  try {
    parseConfiguration(text, 'study.yaml');
  } catch (error) {
    if (error instanceof AffectomeError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('a valid study.yaml', () => {
  it('is read with the defaults of every stage', () => {
    const { options } = parseConfiguration(minimal, 'study.yaml');
    expect(options.name).toBe('clips');
    expect(options.trials).toMatchObject({ design: 'dyads', thirdsPerDyad: 3, seed: 1 });
    expect(options.embedding).toMatchObject({ components: 30, lambda: 0.004, runs: 10 });
    expect(options.judges.words).toMatchObject({ kind: 'captions', method: 'lsa' });
  });

  it('keeps the changes of one judge apart from the section', () => {
    const { options } = parseConfiguration(`${minimal}    embedding: { lambda: 0.01 }\n`, 'study.yaml');
    expect(options.judges.words.embedding).toEqual({ lambda: 0.01 });
    expect(options.embedding.lambda).toBe(0.004);
  });

  it('names judges with what any system takes in a file name', () => {
    for (const name of ['gpt-4.1', 'v2_final', '7', 'console', 'nullary', 'com', 'A.b']) {
      const { options } = parseConfiguration(minimal.replace('  words:', `  ${name}:`), 'study.yaml');
      expect(Object.keys(options.judges)).toEqual([name]);
    }
  });

  it('is what init writes', () => {
    const { options } = parseConfiguration(studySkeleton('a: "strange" name #1'), 'study.yaml');
    expect(options.name).toBe('a: "strange" name #1');
  });
});

describe('a wrong study.yaml is refused at its line and column', () => {
  const cases: [string, string, { line: number; column: number; field?: string; says: RegExp }][] = [
    [
      'an unknown kind, with the nearest one',
      minimal.replace('kind: captions', 'kind: caption'),
      {
        line: 7,
        column: 11,
        field: 'judges.words.kind',
        says: /found "caption"; expected one of .*"captions".*Did you mean "captions"\?/,
      },
    ],
    [
      'an unknown key, with the nearest one',
      `${minimal}embeding: { runs: 3 }\n`,
      {
        line: 9,
        column: 1,
        field: 'embeding',
        says: /"embeding" is not a known key.*Did you mean "embedding"\?/,
      },
    ],
    [
      'an unknown key inside a judge',
      minimal.replace('method: lsa', 'metod: lsa'),
      { line: 8, column: 5, field: 'judges.words.metod', says: /Did you mean "method"\?/ },
    ],
    [
      'a text where a number belongs',
      `${minimal}trials:\n  thirdsPerDyad: three\n`,
      {
        line: 10,
        column: 18,
        field: 'trials.thirdsPerDyad',
        says: /found "three"; expected a whole number of at least 1/,
      },
    ],
    [
      'a number out of range',
      `${minimal}embedding:\n  heldOut: 1.5\n`,
      {
        line: 10,
        column: 12,
        field: 'embedding.heldOut',
        says: /found 1\.5; expected a number above 0 and below 1/,
      },
    ],
    [
      'neither a number nor auto',
      `${minimal}embedding:\n  lambda: best\n`,
      {
        line: 10,
        column: 11,
        field: 'embedding.lambda',
        says: /found "best"; expected a number of at least 0 or "auto"/,
      },
    ],
    [
      'a missing name',
      minimal.replace('name: clips\n', ''),
      { line: 1, column: 1, field: 'name', says: /"name" is missing; expected a text/ },
    ],
    [
      'ratings that are not there',
      minimal.replace('kind: captions', 'kind: ratings').replace('method: lsa', 'from: group'),
      {
        line: 8,
        column: 11,
        field: 'judges.words.from',
        says: /found "group".*groups.*Did you mean "groups"\?/,
      },
    ],
    [
      'a field that its design does not take',
      `${minimal}trials:\n  design: random\n`,
      { line: 9, column: 1, says: /design: random needs nTrials/ },
    ],
    [
      'a name that cannot be a folder',
      minimal.replace('  words:', '  a/b:'),
      { line: 6, column: 3, says: /found the name "a\/b"; expected letters \(a to z\), digits/ },
    ],
    ...['..', '.hidden', 'words.', 'con', 'NUL.txt', 'Lpt1', 'Wörter', '言葉', '-x', 'a b', '""'].map(
      (name): (typeof cases)[number] => [
        `the judge's name ${name}`,
        minimal.replace('  words:', `  ${name}:`),
        {
          line: 6,
          column: 3,
          says: /found the name .*; expected letters \(a to z\).* no "\." last.*Windows.*folder and file names/,
        },
      ],
    ),
    [
      'names of judges that are one folder',
      `${minimal}  Words: { kind: captions }\n`,
      { line: 9, column: 3, field: 'judges.Words', says: /found the name "Words" beside "words"/ },
    ],
    [
      'a name of ratings that cannot be',
      minimal.replace('  groups:', '  my.groups:'),
      { line: 4, column: 3, says: /expected letters \(a to z\), digits, "-" and "_", with a letter first/ },
    ],
    [
      'too many folds',
      `${minimal}embedding: { folds: 300 }\n`,
      {
        line: 9,
        column: 21,
        field: 'embedding.folds',
        says: /found 300; expected a whole number of at least 2 and of at most 256/,
      },
    ],
    [
      'a tab as indentation',
      `name: x\nstimuli:\n\ttable: a\n`,
      { line: 3, column: 1, says: /not valid YAML/ },
    ],
    [
      'the same key twice',
      `name: x\nname: y\n`,
      { line: 2, column: 1, field: 'name', says: /is there already, in line 1.*Keep one of the two/ },
    ],
    [
      'the same judge twice',
      `${minimal}  words: { kind: captions }\n`,
      { line: 9, column: 3, field: 'words', says: /is there already, in line 6.*another name/ },
    ],
    ['an empty file', '', { line: 1, column: 1, says: /is empty; expected sections/ }],
    ['a list', '- a\n- b\n', { line: 1, column: 1, says: /holds a list of 2/ }],
    [
      'a newer format',
      `affectome: 9\n${minimal}newKey: 1\n`,
      {
        line: 1,
        column: 12,
        field: 'affectome',
        says: /format 9; affectome .* reads up to format 1.*Update affectome/,
      },
    ],
  ];

  it.each(cases)('%s', (_, text, { line, column, field, says }) => {
    const error = failureOf(text);
    expect(error.code).toBe('config');
    expect(error.where).toMatchObject({ file: 'study.yaml', line, column, ...(field && { field }) });
    expect(error.message).toMatch(says);
  });

  it('lists every problem, in the order of the file', () => {
    const error = failureOf(`${minimal.replace('lsa', 'lda')}embedding: { runs: 0, epochs: many }\n`);
    expect(error.where.line).toBe(8);
    expect(error.message).toMatch(/study\.yaml:9:20 "embedding\.runs".*study\.yaml:9:31 "embedding\.epochs"/);
  });

  it('says where an alias refers to nothing', () => {
    const text = 'name: emoji\nstimuli:\n  table: *tables\n';
    expect(() => parseConfiguration(text, 'study.yaml')).toThrow(
      /^study\.yaml:3:10: has an alias that cannot be followed/,
    );
  });
});
