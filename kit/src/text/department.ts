/**
 * Which of a company's organisation levels is the department. UKG Pro has four levels that each customer names, in any
 * language; the one that counts is known by its name.
 */

/** Without accents and case. */
const departmentWords = new Set([
  ...['department', 'departments', 'dept', 'depts', 'dpt'],
  ...['abteilung', 'abteilungen', 'abt', 'fachabteilung'],
  ...['departement', 'departements', 'departamento', 'departamentos', 'departament'],
  ...['dipartimento', 'dipartimenti', 'reparto'],
  ...['afdeling', 'afdelingen', 'avdeling', 'avdelning', 'osasto', 'departman', 'bolum'],
  ...['oddeleni', 'oddelenie', 'dzial', 'osztaly', 'отдел', 'отделение', '部門', '部门', '部署', '부서'],
]);

/** Words that change nothing beside one of those. */
const neutralWords = new Set(
  'name code id no nr number desc description level org organization organisation organizational unit'.split(' '),
);

export type DepartmentRule = 'setting' | 'name' | 'word' | 'first_level';

export interface DepartmentLevel {
  /** 1 for the first. */
  readonly level: number;
  readonly rule: DepartmentRule;
}

/**
 * `names[0]` is what the company calls level 1. `setting` wins; then a level that is called department and nothing else;
 * then one that has the word in its name; then level 1. Of several the first.
 */
export function departmentLevel(
  names: readonly (string | null | undefined)[],
  setting: number | null | undefined,
): DepartmentLevel {
  if (setting !== undefined && setting !== null) return { level: setting, rule: 'setting' };
  const words = names.map(wordsOf);
  const byName = words.findIndex(isDepartment);
  if (byName >= 0) return { level: byName + 1, rule: 'name' };
  const byWord = words.findIndex((each) => each.some((word) => departmentWords.has(word)));
  return byWord >= 0 ? { level: byWord + 1, rule: 'word' } : { level: 1, rule: 'first_level' };
}

const isDepartment = (words: readonly string[]) =>
  words.some((word) => departmentWords.has(word)) &&
  words.every((word) => departmentWords.has(word) || neutralWords.has(word));

function wordsOf(name: string | null | undefined): string[] {
  const plain = (name ?? '').normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').toLowerCase();
  return plain.normalize('NFC').match(/\p{L}+/gu) ?? [];
}

/** For a log line: `org level 2 ("Dept"), by its name`. `name` as it shall be shown. */
export function departmentText({ level, rule }: DepartmentLevel, name: string): string {
  const why = {
    setting: 'as department_org_level says',
    name: 'by its name',
    word: 'by a word of its name; department_org_level can name another',
    first_level: 'since no level is called department; department_org_level can name another',
  }[rule];
  return `org level ${level} (${name}), ${why}`;
}
