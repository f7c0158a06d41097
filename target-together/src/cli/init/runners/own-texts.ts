/** The files that are put together from the settings alone, by name. */
import type { Texts } from '../schedules.ts';
import { connectionBody, destinationConfiguration, sourceConfiguration } from './airbyte.ts';
import { meltanoProject } from './meltano.ts';

export const ownTexts: Texts['own'] = {
  meltano: meltanoProject,
  'airbyte source': sourceConfiguration,
  'airbyte destination': destinationConfiguration,
  'airbyte connection': connectionBody,
};
