export const lexical =
  /\s*(?:(\d+(?:\.\d+)?)|([fF]?)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(==|!=|<=|>=|\/\/|[<>()[\]{},.:+\-*/%]))/y;

export interface Token {
  readonly kind: 'number' | 'string' | 'template' | 'name' | 'sign' | 'end';
  readonly text: string;
}

export class Refusal extends Error {}

export const maxTokens = 500;
