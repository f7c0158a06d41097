import type { CommandLine } from '@ukg-together/kit/command/command-line';
import type { Io } from '../../app/io.ts';

export type Command = (line: CommandLine, io: Io) => Promise<number>;
