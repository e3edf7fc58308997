import { describeVariables } from './describe';

process.stdout.write(describeVariables());
