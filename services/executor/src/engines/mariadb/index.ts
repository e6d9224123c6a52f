import { familyEngine } from "../mysql-family/index.ts";

export const mariadbEngine = familyEngine("mariadb");
