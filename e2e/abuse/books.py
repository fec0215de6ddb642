"""What the portal wrote down: read from its database, beside the running portal."""

from e2e.installation import Installation


def events(place: Installation, operation: str) -> list[str]:
    """Names of the audit events of an operation, oldest first."""
    with place.database() as database:
        query = "SELECT event FROM audit_auditevent WHERE operation_id = ? ORDER BY id"
        return [name for (name,) in database.execute(query, (operation,))]


def details(place: Installation, operation: str, event: str) -> list[str]:
    """Details (JSON) of all events of this name of an operation, oldest first."""
    with place.database() as database:
        query = "SELECT detail FROM audit_auditevent WHERE operation_id = ? AND event = ? ORDER BY id"
        return [detail for (detail,) in database.execute(query, (operation, event))]


def completed(place: Installation, operation: str) -> bool:
    """Whether the browser that began came back with the completion secret."""
    with place.database() as database:
        query = "SELECT completed_at FROM operations_operation WHERE id = ?"
        row: tuple[str | None] = database.execute(query, (operation,)).fetchone()
    return row[0] is not None


def operations_of(place: Installation, id_number: str) -> list[str]:
    """States of all operations of a holder, oldest first."""
    with place.database() as database:
        query = (
            "SELECT operation.state FROM operations_operation AS operation"
            " JOIN holders_holder AS holder ON holder.id = operation.holder_id"
            " WHERE holder.id_number = ? ORDER BY operation.created_at"
        )
        return [state for (state,) in database.execute(query, (id_number,))]
