import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.ReferenceInsertionEventHandler;

/**
 * Renders templates with the real Velocity. Read from standard input: a template's length in bytes (4 bytes, big endian), its bytes in UTF-8,
 * and so on. Written to standard output, for each: one byte (0: rendered, 1: refused), then the output or the reason in the same form.
 */
public class VelocityServer {
  /** What API Gateway is known to do otherwise: a reference without a value prints nothing. One that is escaped still prints its source. */
  public static class NullPrintsNothing implements ReferenceInsertionEventHandler {
    public Object referenceInsert(String reference, Object value) {
      return value == null && !reference.contains("\\!") ? "" : value;
    }
  }

  private static VelocityEngine shared = createEngine();

  private static VelocityEngine createEngine() {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.init();
    return engine;
  }

  public static void main(String[] arguments) throws Exception {
    DataInputStream in = new DataInputStream(System.in);
    DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(System.out));
    for (;;) {
      byte[] template;
      try {
        template = new byte[in.readInt()];
      } catch (EOFException end) {
        break;
      }
      in.readFully(template);
      StringWriter writer = new StringWriter();
      int status = 0;
      String text;
      try {
        String source = new String(template, StandardCharsets.UTF_8);
        // An engine keeps its macros: a template that declares some gets one of its own.
        VelocityEngine engine = source.contains("macro") ? createEngine() : shared;
        VelocityContext context = new VelocityContext();
        EventCartridge events = new EventCartridge();
        events.addEventHandler(new NullPrintsNothing());
        events.attachToContext(context);
        engine.evaluate(context, writer, "template", source);
        text = writer.toString();
      } catch (Throwable problem) {
        status = 1;
        text = String.valueOf(problem);
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeByte(status);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    out.flush();
  }
}
