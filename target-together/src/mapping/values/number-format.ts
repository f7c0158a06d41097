/** Numbers as a country writes them → a number; undefined: it is none. */
type NumberReader = (text: string) => number | undefined;

const reader =
  (form: RegExp, group: RegExp): NumberReader =>
  (text) =>
    form.test(text) ? Number(text.replace(group, '').replace(',', '.')) : undefined;

/** 1.234,56 · 1 234,56 · 1'234,56, and 1,234.56. */
const formats: Readonly<Record<string, NumberReader>> = {
  decimal_comma: reader(/^[+-]?(\d{1,3}([. '\u00a0\u202f]\d{3})+|\d{1,15})(,\d{1,15})?$/, /[. '\u00a0\u202f]/g),
  decimal_point: reader(/^[+-]?(\d{1,3}([,']\d{3})+|\d{1,15})(\.\d{1,15})?$/, /[,']/g),
};

export const numberFormats: readonly string[] = Object.keys(formats);
export const numberFormat = (name: string): NumberReader | undefined =>
  Object.hasOwn(formats, name) ? formats[name] : undefined;
