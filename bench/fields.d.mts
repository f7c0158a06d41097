export function personFields(id: string): Record<string, string | number | boolean | null>;
export function employmentFields(id: string): Record<string, string | number | boolean | null>;
