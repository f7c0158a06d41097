export function personFields(id: string, n?: number): Record<string, string | number | boolean | null>;
export function employmentFields(id: string, n?: number): Record<string, string | number | boolean | null>;
