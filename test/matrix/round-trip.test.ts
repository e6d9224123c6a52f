import { openLab } from "./lab.ts";
import { roundTrips } from "./round-trips.ts";

roundTrips(() => openLab());
