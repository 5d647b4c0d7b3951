package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.random.Effort;
import io.acclimate.core.ControlCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the events tell about a domain beside its mini-batches.
 *
 * @param configurationIds by the offset of the mini-batch that was learnt from under them, where an event says so
 * @param efforts by the offset of the mini-batch, where it was less than all that the settings say
 * @param commands by the offset of the mini-batch after which they were answered, -1 for before the first
 * @param gap which records the topics have lost
 */
record History(
        Map<Long, String> configurationIds,
        Map<Long, Effort> efforts,
        Map<Long, List<RecordedCommand>> commands,
        Optional<String> gap) {
    History {
        configurationIds = Map.copyOf(configurationIds);
        efforts = Map.copyOf(efforts);
        commands = Map.copyOf(commands);
    }

    Optional<String> configurationId(long offset) {
        return Optional.ofNullable(configurationIds.get(offset));
    }

    Effort effort(long offset) {
        return efforts.getOrDefault(offset, Effort.FULL);
    }

    List<RecordedCommand> commandsAfter(long offset) {
        return commands.getOrDefault(offset, List.of());
    }

    /**
     * A command that a worker answered.
     *
     * @param configurationId of the worker; empty when the event does not say it
     * @param command empty when it was refused and so changed nothing
     */
    record RecordedCommand(Optional<String> configurationId, Optional<ControlCommand> command) {}

    /** The place of a mini-batch that is kept: its record's offset and its number in the domain. */
    record KeptMiniBatch(long offset, long sequence) {}
}
