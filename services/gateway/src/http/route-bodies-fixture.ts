/** A body that each route takes which needs one and is about one thing. */
export const ROUTE_BODIES: Readonly<Record<string, unknown>> = {
  "PUT /api/databases/{id}": { name: "x" }, "PUT /api/backups/{id}": { pinned: true }, "PATCH /api/users/{id}": { role: "user" }, "PUT /api/schedules/{id}": { name: "x" }, "PUT /api/channels/{id}": { name: "x" }, "PUT /api/objectives/{id}": { enabled: false },
  "PUT /api/keys/{id}": { name: "x" }, "PUT /api/storages/{id}": {}, "POST /api/keys/{id}/identity": { password: "x" }, "PUT /api/keys/{id}/identity": { identity: "x" }, "POST /api/storages/{id}/scan": {},
  "POST /api/backups/{id}/restore": { confirm: "x" }, "POST /api/backups/database/{id}": {}, "POST /api/backups/{id}/copies": { storage: "local" },
  "PUT /api/servers/{id}": { name: "x" }, "POST /api/servers/{id}/test": {},
};
