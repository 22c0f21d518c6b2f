/** A value with CloudWatch's unit. Source: Amazon CloudWatch API Reference, "MetricDatum". */
export interface MetricValue {
  readonly value: number;
  /** @default 'None' */
  readonly unit?: 'Count' | 'Milliseconds' | 'Seconds';
}

export interface MetricLine {
  readonly namespace: string;
  readonly at: Date;
  /** By name. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Names and values that tell one series of a metric from another; each combination is charged as a metric. @default - one series */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** What else the line says. @default - nothing */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * Writes one line that is log and metrics at once: CloudWatch takes them out of the function's log, without a call and without a right. The line has the
 * trace id of the invocation, as the logger's lines have.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format"; AWS Lambda Developer Guide, "Using Lambda environment variables".
 */
export function writeMetrics({ namespace, at, metrics, dimensions = {}, fields = {} }: MetricLine): void {
  const Metrics = Object.entries(metrics).map(([Name, { unit }]) => ({ Name, ...(unit && { Unit: unit }) }));
  const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
  const values = Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));
  const traceId = /(?:^|;)Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];
  console.log(
    JSON.stringify({
      _aws: { Timestamp: at.getTime(), CloudWatchMetrics },
      ...(traceId !== undefined && { xray_trace_id: traceId }),
      ...dimensions,
      ...values,
      ...fields,
    }),
  );
}
