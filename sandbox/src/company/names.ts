/** Invented names, each with the ASCII form its e-mail address uses. No real person is meant. */

const ascii = (names: string): readonly (readonly [name: string, slug: string])[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name.replaceAll('_', ' '), name.toLowerCase().replace(/[^a-z]/g, '')]);

export const FIRST_NAMES = ascii(`
  Ada Amelia Ann-Marie Arthur Beatrice Benjamin Carmen Charles Chloe Clara Daniel David Deborah Edward Eleanor Emily Ethan
  Evelyn Frances Gabriel George Grace Hannah Harold Helen Henry Irene Isaac Jack James Jane Jasmine John Joseph Julia Karen
  Kevin Laura Leo Lily Louis Lucy Mark Martha Mary Mary_Ann Matthew Maya Michael Nathan Nina Noah Oliver Olivia Oscar Paul
  Peter Rachel Rebecca Robert Rosa Ruth Samuel Sarah Simon Sophia Stephen Susan Theodore Thomas Victor Victoria Walter William`);

export const LAST_NAMES = ascii(`
  Abbott Adams Allen Anderson Bailey Baker Barnes Bennett Brooks Brown Campbell Carter Clark Collins Cook Cooper Cox Cruz
  Davis Diaz Edwards Evans Fisher Flores Foster Garcia Gomez Gray Green Hall Harris Hayes Hill Howard Hughes Jackson Jenkins
  Johnson Jones Kelly Kim King Lee Lewis Long Lopez Martin Martinez Miller Mitchell Moore Morgan Morris Murphy Nelson
  O'Brien O'Neill Ortiz Parker Patel Perez Perry Phillips Powell Price Ramirez Reed Reyes Rivera Roberts Robinson Rogers
  Ross Russell Sanchez Sanders Scott Singh Smith Smith-Jones Stewart Sullivan Taylor Thomas Thompson Torres Turner van_der_Berg
  Walker Ward Watson White Williams Wilson Wood Wright Young`);

/** Letters beyond ASCII, other scripts, right-to-left, astral characters. */
export const WIDE_FIRST_NAMES = [
  ['José', 'jose'],
  ['Zoë', 'zoe'],
  ['Søren', 'soren'],
  ['Łukasz', 'lukasz'],
  ['Çağla', 'cagla'],
  ['Nguyễn', 'nguyen'],
  ['李', 'li'],
  ['秀英', 'xiuying'],
  ['𠮷美', 'yoshimi'],
  ['さくら', 'sakura'],
  ['민준', 'minjun'],
  ['Ольга', 'olga'],
  ['Ἑλένη', 'eleni'],
  ['مريم', 'maryam'],
  ['נועה', 'noa'],
  ['आरव', 'aarav'],
  ['สมชาย', 'somchai'],
] as const;

export const WIDE_LAST_NAMES = [
  ['García-Ñúñez', 'garcianunez'],
  ['Müller', 'muller'],
  ['Strauß', 'strauss'],
  ['Ångström', 'angstrom'],
  ['Żółć', 'zolc'],
  ['İnönü', 'inonu'],
  ['王', 'wang'],
  ['髙橋', 'takahashi'],
  ['Петрова', 'petrova'],
  ['حداد', 'haddad'],
  ['כהן', 'cohen'],
  ['D’Àngelo', 'dangelo'],
] as const;

/** Written with combining marks: not in normal form C. */
export const DECOMPOSED_FIRST_NAMES = [
  ['O\u0323\u0300s\u0323un', 'osun'],
  ['Jose\u0301', 'jose'],
  ['A\u030asa', 'asa'],
] as const;

export const PREFERRED_NAMES = ['Sam', 'Alex', 'Kit', 'Jo', 'Max', 'Robin 🌻', 'Pépé', 'Bé', 'Mick', 'Lou'] as const;

export const STREETS = ['Oak Street', 'Rio Grande Blvd NW', 'Station Road', 'Rue Saint-Denis', 'High Street'] as const;
