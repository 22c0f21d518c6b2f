import type { HttpApi } from '#local/model/api-model.ts';
import type { LocalModel, RegionModel, Table } from '#local/model/model.ts';

/** What belongs to no environment once a release is there: its usage plans, and whatever tables and buckets there are, its own or older. */
export function sharedAfter(before: LocalModel, next: LocalModel): LocalModel {
  const merge = (older: RegionModel, newer: RegionModel): RegionModel => ({
    ...newer,
    tables: union(older.tables, newer.tables).map((table) =>
      withIndexes(
        table,
        older.tables.find(({ name }) => name === table.name),
      ),
    ),
    buckets: union(older.buckets, newer.buckets),
  });
  return {
    ...next,
    regions: {
      primary: merge(before.regions.primary, next.regions.primary),
      secondary: merge(before.regions.secondary, next.regions.secondary),
    },
  };
}

function union<T extends { readonly name: string }>(older: readonly T[], newer: readonly T[]): readonly T[] {
  return [...newer, ...older.filter(({ name }) => !newer.some((one) => one.name === name))];
}

/** A table with the indexes that it has already, of which an environment may run on any. */
function withIndexes(table: Table, older: Table | undefined): Table {
  const globalIndexes = union(older?.globalIndexes ?? [], table.globalIndexes ?? []);
  if (globalIndexes.length === 0) return table;
  return { ...table, globalIndexes, attributes: union(older?.attributes ?? [], table.attributes) };
}

/** A model whose HTTP APIs have the CORS that another model's have. */
export function withCors({ regions, ...model }: LocalModel, from: LocalModel): LocalModel {
  const change = (region: RegionModel): RegionModel => ({
    ...region,
    httpApis: (region.httpApis ?? []).map((api): HttpApi => {
      const { cors: _, ...rest } = api;
      const cors = from.regions[region.type].httpApis?.find(({ id }) => id === api.id)?.cors;
      return cors ? { ...rest, cors } : rest;
    }),
  });
  return { ...model, regions: { primary: change(regions.primary), secondary: change(regions.secondary) } };
}

/** A model with the CORS, usage plans and keys that another model has. */
export function withShared(model: LocalModel, from: LocalModel): LocalModel {
  const { regions, ...rest } = withCors(model, from);
  const plansOf = (region: RegionModel): RegionModel => ({
    ...region,
    usagePlans: from.regions[region.type].usagePlans,
  });
  return { ...rest, regions: { primary: plansOf(regions.primary), secondary: plansOf(regions.secondary) } };
}
