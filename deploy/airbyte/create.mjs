// Makes source, destination and connection in Airbyte through its public API, from the three files beside this one.
//
//   AIRBYTE_URL=http://localhost:8000/api/public/v1 AIRBYTE_TOKEN=... AIRBYTE_WORKSPACE=... \
//   SOURCE_DEFINITION=... DESTINATION_DEFINITION=... node --env-file=../.env create.mjs
//
// {{NAME}} in a file is the variable NAME of the environment: secrets are in no file but .env, and go to Airbyte alone.
import { readFileSync } from 'node:fs';

const { env } = process;
const missing = new Set();
const secrets = [];

/** A variable of the environment; what is missing is told at once, before anything is made. */
function variable(name) {
  const value = env[name];
  if (!value) missing.add(name);
  return value ?? '';
}

function put(value) {
  if (typeof value === 'string')
    return value.replace(/\{\{(\w+)\}\}/g, (_, name) => {
      const secret = variable(name);
      secrets.push(secret);
      // Part of an address, where it is not the whole value.
      return value === `{{${name}}}` ? secret : encodeURIComponent(secret);
    });
  if (Array.isArray(value)) return value.map(put);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
  return value;
}

const file = (name) => put(JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')));

const url = variable('AIRBYTE_URL').replace(/\/$/, '');
const token = variable('AIRBYTE_TOKEN');
const workspaceId = variable('AIRBYTE_WORKSPACE');
const definitions = [variable('SOURCE_DEFINITION'), variable('DESTINATION_DEFINITION')];
const [source, destination, connection] = ['source.json', 'destination.json', 'connection.json'].map(file);
if (missing.size > 0) {
  console.error(`Not set: ${[...missing].join(', ')}. Nothing was made.`);
  process.exit(2);
}

async function create(kind, body) {
  const answer = await fetch(`${url}/${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    const shown = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')), text);
    console.error(`POST ${kind}: HTTP ${answer.status}. ${shown.slice(0, 500)}`);
    process.exit(1);
  }
  const made = JSON.parse(text);
  console.log(`${kind.slice(0, -1)}: ${made[`${kind.slice(0, -1)}Id`]}`);
  return made;
}

const { sourceId } = await create('sources', {
  name: 'UKG Pro',
  workspaceId,
  definitionId: definitions[0],
  configuration: source,
});
const { destinationId } = await create('destinations', {
  name: 'Together',
  workspaceId,
  definitionId: definitions[1],
  configuration: destination,
});
await create('connections', { ...connection, sourceId, destinationId });
