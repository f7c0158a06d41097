export type Environment = Readonly<Record<string, string | undefined>>;

/** `tap-ukg-pro` → `TAP_UKG_PRO`. */
export function envPrefix(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
