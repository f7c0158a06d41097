/** Countries, subdivisions, booleans: translated by table or refused, never cut and never guessed. */
import { fold } from './text.ts';

export type CountryTable = (value: string) => string | undefined;
/** `country` is alpha-2 where it is known. */
export type SubdivisionTable = (value: string, country: string | undefined) => string | undefined;

/** Constant tables: built when first asked for, then shared. */
function once<Table>(load: () => Promise<Table>): () => Promise<Table> {
  let loading: Promise<Table> | undefined;
  return () => (loading ??= load());
}

/** Tables don't forget, and records are strangers' input: beyond this many different values a memory starts over. */
const memoryLimit = 5_000;

function remembering<Value>(look: (key: string) => Value): (key: string) => Value {
  const memory = new Map<string, Value>();
  return (key) => {
    const known = memory.get(key);
    if (known !== undefined || memory.has(key)) return known as Value;
    if (memory.size >= memoryLimit) memory.clear();
    const found = look(key);
    memory.set(key, found);
    return found;
  };
}

/**
 * ISO 3166-1: alpha-2, alpha-3, numeric or English name to alpha-2, the form that Together's sample shows (`CA`).
 * Tables: i18n-iso-countries, of which only the codes and the English names are loaded, and iso-3166.
 */
export const loadCountries = once(async (): Promise<CountryTable> => {
  const [{ default: countries }, { default: english }, { iso31661 }] = await Promise.all([
    import('i18n-iso-countries/index.js'),
    import('i18n-iso-countries/langs/en.json', { with: { type: 'json' } }),
    import('iso-3166'),
  ]);
  countries.registerLocale(english);
  // Most people's country is a code: the names are made ready when the first one comes.
  const names = onFirstUse(() => {
    // The standard's own names ("Viet Nam") beside the everyday ones ("Vietnam").
    const table = new Map(iso31661.map(({ name, alpha2 }) => [bareName(name), alpha2]));
    for (const [alpha2, all] of Object.entries(countries.getNames('en', { select: 'all' }))) {
      for (const name of all) table.set(bareName(name), alpha2);
    }
    return table;
  });
  return remembering((value) => {
    const code = value.toUpperCase();
    if (/^([A-Z]{2,3}|\d{1,3})$/.test(code)) {
      const alpha2 = countries.toAlpha2(/^\d/.test(code) ? code.padStart(3, '0') : code);
      if (alpha2 !== undefined && countries.isValid(alpha2)) return alpha2;
    }
    return names().get(bareName(value));
  });
});

function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const bareName = (name: string): string =>
  fold(name.normalize('NFD').replace(/\p{M}/gu, ''))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * ISO 3166-2: `ON`, `CA-ON` or `Ontario` to `ON`, the form that Together's sample shows, within the person's country.
 * With no country known, a code passes as it is written and a name is refused. Table: iso-3166.
 */
export const loadSubdivisions = once(async (): Promise<SubdivisionTable> => {
  const { iso31662 } = await import('iso-3166');
  /** Of one country: code, code with its country, and name to code. Few countries are ever asked for. */
  const tableOf = remembering((country: string): ReadonlyMap<string, string> => {
    const table = new Map<string, string>();
    for (const { code, name } of iso31662) {
      if (!code.startsWith(`${country}-`)) continue;
      const bare = code.slice(3);
      table.set(fold(bare), bare);
      table.set(fold(code), bare);
      const key = bareName(name);
      // One name for two subdivisions (a city and its region) decides nothing.
      table.set(key, table.has(key) && table.get(key) !== bare && key !== fold(bare) ? '' : bare);
    }
    return table;
  });
  const within = (country: string) => (value: string) => {
    const table = tableOf(country);
    return (table.get(fold(value)) ?? table.get(bareName(value))) || undefined;
  };
  const anywhere = (value: string) => {
    const qualified = /^([A-Za-z]{2})-/.exec(value);
    if (qualified) return tableOf((qualified[1] as string).toUpperCase()).get(fold(value));
    return /^[A-Za-z0-9]{1,3}$/.test(value) ? value.toUpperCase() : undefined;
  };
  const tables = new Map<string | undefined, (value: string) => string | undefined>([
    [undefined, remembering(anywhere)],
  ]);
  return (value, country) => {
    let table = tables.get(country);
    if (!table) tables.set(country, (table = remembering(within(country ?? ''))));
    return table(value);
  };
});

export const trueTokens: readonly string[] = ['true', 't', 'yes', 'y', '1', 'on'];
export const falseTokens: readonly string[] = ['false', 'f', 'no', 'n', '0', 'off'];

/** Words to booleans, without case; anything else is undefined. */
export function booleanTable(yes: readonly string[], no: readonly string[]): (value: string) => boolean | undefined {
  const table = new Map<string, boolean>([
    ...no.map((token) => [fold(token.trim()), false] as const),
    ...yes.map((token) => [fold(token.trim()), true] as const),
  ]);
  return (value) => table.get(fold(value));
}
