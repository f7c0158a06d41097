/** The part of undici that transport/request.ts uses; its index would bring fetch, WebSocket, caches and mocks into every start. */
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
const EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
const Agent = require('undici/lib/dispatcher/agent.js');

Dispatcher.prototype.request = require('undici/lib/api/api-request.js');
// The proxy agent opens its tunnel with it.
Dispatcher.prototype.connect = require('undici/lib/api/api-connect.js');

/** undici's own `request()`, for callers that name their dispatcher. */
const request = (url, { dispatcher, ...options }) =>
  dispatcher.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}` });

module.exports = { Agent, EnvHttpProxyAgent, request };
