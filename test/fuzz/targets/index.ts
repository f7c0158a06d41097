import type { Target } from '../target.ts';
import { targets as answers } from './answers.ts';
import { targets as readers } from './readers.ts';
import { targets as settings } from './settings.ts';
import { targets as state } from './state.ts';

export const targets: readonly Target[] = [...readers, ...settings, ...state, ...answers];
