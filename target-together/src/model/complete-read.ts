/** How to have everybody read again, by the keeper of the bookmark. A sentence. */
export const completeReadSteps =
  'Have everybody read again: delete the state file that the tap gets with --state (Meltano: meltano state clear JOB; Airbyte: clear the data of the connection), or run the tap once without it.';
