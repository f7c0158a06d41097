/** What is used of @clack/prompts. */
declare module '@clack/prompts' {
  interface Asked {
    readonly message: string;
  }
  export function text(asked: Asked & { placeholder?: string; defaultValue?: string }): Promise<string | symbol>;
  export function password(asked: Asked): Promise<string | symbol>;
  export function confirm(asked: Asked & { initialValue?: boolean }): Promise<boolean | symbol>;
  export function select(
    asked: Asked & { options: { value: string; label: string }[]; initialValue?: string },
  ): Promise<string | symbol>;
  export function isCancel(answer: unknown): answer is symbol;
  export const log: { warn(text: string): void };
}
