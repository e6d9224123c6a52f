import { familyEngine } from "../mysql-family/index.ts";

export const mysqlEngine = familyEngine("mysql");
