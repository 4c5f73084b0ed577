// The brief on opening: what happened, what needs the reader, and the common questions, a tap away.
function Brief({ props, sendUserMessage }) {
  const [label, amount, units, change] = props.sales;
  const [topLabel, top] = props.top;
  const [needsLabel, needs, nothing] = props.needs;
  return (
    <section className="ss-brief" aria-label={props.title}>
      <header>
        <h2>{props.title}</h2>
        <span>{props.shop}</span>
      </header>
      <p className="ss-sales">
        <span>{label}</span>
        <b>{amount}</b>
        <span>{units}</span>
        {change ? <span>{change}</span> : null}
      </p>
      {top.length ? (
        <p>
          <span className="ss-label">{topLabel}</span> {top.join(' · ')}
        </p>
      ) : null}
      <div>
        <span className="ss-label">{needsLabel}</span>
        {needs.length ? (
          <ul>
            {needs.map((need) => (
              <li key={need}>{need}</li>
            ))}
          </ul>
        ) : (
          <p>{nothing}</p>
        )}
      </div>
      {props.notes.map((note) => (
        <p className="ss-note" key={note}>
          {note}
        </p>
      ))}
      <div className="ss-starters">
        {props.starters.map(([chip, question]) => (
          <button type="button" key={chip} onClick={() => sendUserMessage(question)}>
            {chip}
          </button>
        ))}
      </div>
    </section>
  );
}

const Lasting = window.lasting('Brief', Brief);
export default <Lasting props={props} sendUserMessage={sendUserMessage} />;
