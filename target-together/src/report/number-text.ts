/** As Intl writes it for en-US, whose first formatter takes longer to load than all else that a start does. */
function rounded(value: number, digits: number): string {
  const scale = 10 ** digits;
  const [whole = '', fraction] = String(Math.round(value * scale) / scale).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export const tenths = (value: number): string => rounded(value, 1);

export const number = (value: number): string => rounded(value, 0);

/** 1.8 % · below one percent with two digits, so that three people of five thousand don't read as nothing. */
export const percent = (value: number): string => `${rounded(value, value < 1 ? 2 : 1)}\u00A0%`;
