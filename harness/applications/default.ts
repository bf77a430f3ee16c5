import type { ReadableApplication } from '../model/application.ts';
import { bookinfo } from './bookinfo.ts';

/** The application that hopcheck is about where nothing names another. */
export const DEFAULT_APPLICATION: ReadableApplication = bookinfo;
