/** Which proxy the usual variables name for a host. Node can tell by itself (`proxyEnv`) only from 22.21 and 24.5. */
import { ConnectorError, said } from '@ukg-together/kit/error';

const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/**
 * The proxy for an https URL; lower case goes before upper case, as with curl. NO_PROXY exempts as curl has it: `example.com` and
 * `.example.com` mean the domain with all below it, `host:port` one port, `*` everything. Throws a settings error that names the
 * variable and never its value, which may hold a password.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const variable = variables.find((name) => env[name]?.trim());
  if (variable === undefined || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined;
  const value = (env[variable] as string).trim();
  // `proxy.example.com:3128`, as many write it.
  const address = value.includes('://') ? value : `http://${value}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return new URL(address);
  throw new ConnectorError('settings', said`The environment variable ${variable} does not name an HTTP proxy.`, {
    hint: `It must look like ${variable}=http://proxy.example.com:3128, with http:// or https://; SOCKS is not spoken.`,
  });
}

function isExempt(url: URL, list: string): boolean {
  const port = url.port || '443';
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, '');
      if (domain === '' || (only !== undefined && only !== port)) return false;
      return url.hostname === domain || url.hostname.endsWith(`.${domain}`);
    });
}
