import * as z from 'zod';

export const transformNames = ['trim', 'upper', 'lower', 'collapse', 'digits', 'last_path_segment'] as const;

export type TransformName = (typeof transformNames)[number];

export const path = z.string().min(1);

export const scalar = z.union([z.string(), z.number(), z.boolean()]);
