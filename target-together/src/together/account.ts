export interface TogetherAccount {
  /** Without a path; see settings `region` and `api_url`. */
  readonly apiUrl: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly apiKey: string;
}

/** The headers of every request. Source: Together's User API guide. */
export function accountHeaders(account: TogetherAccount): Record<string, string> {
  return {
    'organization-id': account.organizationId,
    'client-id': account.clientId,
    'api-key': account.apiKey,
    'content-type': 'application/json',
    accept: 'application/json',
  };
}

/** The address of the collection of users, below whatever path `apiUrl` has. */
export function usersUrl(account: TogetherAccount): URL {
  return new URL(`${account.apiUrl.replace(/\/+$/, '')}/public/user`);
}
