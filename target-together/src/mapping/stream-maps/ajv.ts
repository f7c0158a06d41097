/** The JSON Schema validator with its formats, as one thing to load. */
export { Ajv } from 'ajv';
export { default as formats } from 'ajv-formats';
