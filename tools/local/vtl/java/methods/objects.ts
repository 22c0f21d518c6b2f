import {
  classNameOf,
  hashCodeOf,
  isEqual,
  JavaCharacter,
  JavaClass,
  textOf,
  type Value,
} from '#local/vtl/java/value.ts';
import { methodTable } from './method-table.ts';

/** What every Java object has. */
export const objectMethods = methodTable<Exclude<Value, null>>([
  ['equals(Object)', (object, args) => isEqual(object, args.value(0))],
  ['hashCode()', hashCodeOf],
  ['toString()', (object) => textOf(object)],
  ['getClass()', (object) => new JavaClass(classNameOf(object))],
]);

/** Of `java.lang.Class`, what only names it. */
export const classMethods = methodTable<JavaClass>([
  ['getName()', ({ name }) => name],
  ['getSimpleName()', ({ simpleName }) => simpleName],
  ['getTypeName()', ({ name }) => name],
]);

export const booleanMethods = methodTable<boolean>([
  ['booleanValue()', (value) => value],
  ['compareTo(Boolean)', (value, args) => Number(value) - Number(args.text(0) === 'true')],
  ['parseBoolean(String)', (_, args) => isTrueText(args.value(0))],
  ['valueOf(boolean)', (_, args) => args.value(0) === true],
  ['valueOf(String)', (_, args) => isTrueText(args.value(0))],
  ['toString(boolean)', (_, args) => args.text(0)],
  ['hashCode(boolean)', (_, args) => hashCodeOf(args.value(0))],
  ['logicalAnd(boolean, boolean)', (_, args) => args.value(0) === true && args.value(1) === true],
  ['logicalOr(boolean, boolean)', (_, args) => args.value(0) === true || args.value(1) === true],
  ['logicalXor(boolean, boolean)', (_, args) => args.value(0) !== args.value(1)],
]);

function isTrueText(value: Value): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'true';
}

export const characterMethods = methodTable<JavaCharacter>([
  ['charValue()', (character) => character],
  ['isDigit(char)', (_, args) => /^\p{Nd}$/u.test(args.text(0))],
  ['isLetter(char)', (_, args) => /^\p{L}$/u.test(args.text(0))],
  ['isLetterOrDigit(char)', (_, args) => /^[\p{L}\p{Nd}]$/u.test(args.text(0))],
  ['isUpperCase(char)', (_, args) => /^\p{Lu}$/u.test(args.text(0))],
  ['isLowerCase(char)', (_, args) => /^\p{Ll}$/u.test(args.text(0))],
  ['toUpperCase(char)', (_, args) => new JavaCharacter(args.text(0).toUpperCase().charAt(0))],
  ['toLowerCase(char)', (_, args) => new JavaCharacter(args.text(0).toLowerCase().charAt(0))],
  ['toString(char)', (_, args) => args.text(0)],
  ['valueOf(char)', (_, args) => args.value(0)],
  ['compareTo(Character)', (character, args) => character.hashCode() - args.text(0).charCodeAt(0)],
]);
