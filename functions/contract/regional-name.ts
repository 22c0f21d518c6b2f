/**
 * A region's own name for a public name: `eu-central-1.api.example.com`. It leads to that region alone, whatever DNS thinks of its health, by
 * the way that clients take: custom domain, mapping, certificate.
 *
 * @param region - AWS region
 * @param name - a public name, or a host and its port
 */
export function regionalName(region: string, name: string): string {
  return `${region}.${name}`;
}
