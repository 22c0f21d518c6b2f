import { z } from 'zod';
import { blocks } from '#local/terraform/block-schema.ts';
import type { Table } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const table = z.object({
  name: z.string(),
  arn: z.string(),
  hash_key: z.string(),
  range_key: z.string().optional(),
  attribute: blocks(z.object({ name: z.string(), type: z.enum(['B', 'N', 'S']) })),
  replica: blocks(z.object({ region_name: z.string(), arn: z.string() })),
});

/** Tables of every region: a global table stands once for its own region and once for each replica, with the ARN of that region. */
export function readTables(reader: ResourceReader): readonly (Table & { readonly region: string })[] {
  return reader.managed('aws_dynamodb_table', table).flatMap(({ region, values }) => {
    const places = [{ region, arn: values.arn }].concat(
      values.replica.map((replica) => ({ region: replica.region_name, arn: replica.arn })),
    );
    return places.map((place) => ({
      ...place,
      name: values.name,
      hashKey: values.hash_key,
      ...(values.range_key === undefined ? {} : { rangeKey: values.range_key }),
      attributes: values.attribute,
      global: values.replica.length > 0,
    }));
  });
}
