/** In which mail domains the people read have their addresses: one domain a person, the one of the last row. */

export interface MailDomains {
  set(person: number, email: string | undefined): void;
  /** Domain in lower case → people among those who count. */
  result(counts: (person: number) => boolean): Map<string, number>;
}

/** No address ends so. */
const none = '\n';

export function createMailDomains(): MailDomains {
  const numbers = new Map<string, number>();
  /** By person: number of the domain, from 1 on. */
  const domainOf: number[] = [];
  /** The domain met last, with its @: most people have one. */
  let last = { ending: none, number: 0 };
  return {
    set(person, email) {
      while (domainOf.length <= person) domainOf.push(0);
      if (!email) {
        domainOf[person] = 0;
        return;
      }
      if (!email.endsWith(last.ending)) {
        const at = email.lastIndexOf('@');
        const domain = email.slice(at + 1).toLowerCase();
        let number = numbers.get(domain);
        if (number === undefined) numbers.set(domain, (number = numbers.size + 1));
        last = { ending: at < 0 ? none : email.slice(at), number };
      }
      domainOf[person] = last.number;
    },
    result(counts) {
      const people = new Uint32Array(numbers.size + 1);
      domainOf.forEach((number, person) => {
        if (number > 0 && counts(person)) people[number] = (people[number] as number) + 1;
      });
      const domains = [...numbers].map(([domain, number]) => [domain, people[number] as number] as const);
      return new Map(domains.filter(([, count]) => count > 0));
    },
  };
}
