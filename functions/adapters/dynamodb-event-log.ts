import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Event } from '#contract/event.ts';
import type { EventKey, EventLog, EventPage, PageRequest } from '#functions/ports/event-log.ts';

type Attributes = Record<string, AttributeValue>;

/** Events in a DynamoDB table with the partition key `date` and the sort key `time`, both strings. */
export function dynamoDbEventLog(client: DynamoDBClient, tableName: string): EventLog {
  const listing = ({ limit, after }: PageRequest) => ({
    TableName: tableName,
    Limit: limit,
    ExclusiveStartKey: after && { date: { S: after.date }, time: { S: after.time } },
  });
  return {
    async put({ date, time, userId, eventType }, idempotencyKey) {
      const item = { date: { S: date }, time: { S: time }, userId: { S: userId }, eventType: { S: eventType } };
      if (idempotencyKey === undefined) {
        await client.send(new PutItemCommand({ TableName: tableName, Item: item }));
        return true;
      }
      const key = { S: idempotencyKey };
      const once = {
        Item: { ...item, idempotencyKey: key },
        ConditionExpression: 'attribute_not_exists(#date) OR idempotencyKey = :key',
        ExpressionAttributeNames: { '#date': 'date' },
        ExpressionAttributeValues: { ':key': key },
      };
      try {
        await client.send(new PutItemCommand({ TableName: tableName, ...once }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async ofDate(date, page) {
      // `date` is one of DynamoDB's reserved words.
      const condition = {
        KeyConditionExpression: '#date = :date',
        ExpressionAttributeNames: { '#date': 'date' },
        ExpressionAttributeValues: { ':date': { S: date } },
      };
      return pageOf(await client.send(new QueryCommand({ ...listing(page), ...condition })));
    },

    async all(page) {
      return pageOf(await client.send(new ScanCommand(listing(page))));
    },
  };
}

function pageOf(result: { readonly Items?: Attributes[]; readonly LastEvaluatedKey?: Attributes }): EventPage {
  const { Items = [], LastEvaluatedKey } = result;
  return { events: Items.map(toEvent), ...(LastEvaluatedKey && { end: toKey(LastEvaluatedKey) }) };
}

function toEvent(attributes: Attributes): Event {
  return { ...toKey(attributes), userId: attributes.userId?.S ?? '', eventType: attributes.eventType?.S ?? '' };
}

function toKey({ date, time }: Attributes): EventKey {
  return { date: date?.S ?? '', time: time?.S ?? '' };
}
