/** As Intl writes it for en-US, whose first formatter takes longer to load than all else that a start does. */
function rounded(value: number, digits: number): string {
  const scale = 10 ** digits;
  const [whole = '', fraction] = String(Math.round(value * scale) / scale).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export const tenths = (value: number): string => rounded(value, 1);

export const number = (value: number): string => rounded(value, 0);

/** `plural(2, 'retry', 'retries')` → `2 retries`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

export const people = (value: number): string => plural(value, 'person', 'people');

/** 1.84 %, 1,866.67 %: as exact as a guard compares, so that 5.04 % does not read like its limit of 5 %. */
export const percent = (value: number): string => `${rounded(value, 2)}\u00A0%`;
