/** In which mail domains the people read have their addresses: one domain a person, the one of the last row. */

export interface MailDomains {
  set(person: number, email: string | undefined): void;
  /** Domain in lower case → people among those who count. */
  result(counts: (person: number) => boolean): Map<string, number>;
}

export function createMailDomains(): MailDomains {
  const numbers = new Map<string, number>();
  /** By person: number of the domain, from 1 on. */
  const domainOf: number[] = [];
  return {
    set(person, email) {
      while (domainOf.length <= person) domainOf.push(0);
      if (!email) {
        domainOf[person] = 0;
        return;
      }
      const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
      let number = numbers.get(domain);
      if (number === undefined) numbers.set(domain, (number = numbers.size + 1));
      domainOf[person] = number;
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
