import type { ReadableApplication } from '../model/application.ts';
import { bookinfo } from './bookinfo.ts';
import { BOOKINFO_ANSWERS } from './bookinfo-answers.ts';

/** The application that hopcheck is about where nothing names another. */
export const DEFAULT_APPLICATION: ReadableApplication = bookinfo;

/** Answers of its services, by name, for the stubs of contract mode. */
export const DEFAULT_ANSWERS = BOOKINFO_ANSWERS;

/** A fault of the lab to try first. */
export const FIRST_FAULT = 'drop-all:reviews';
