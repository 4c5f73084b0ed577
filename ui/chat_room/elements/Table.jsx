// A list that a tool returned, beside the answer: the numbers of that moment, names lead to their products.
function Table({ props }) {
  return (
    <section className="ss-table" aria-label={props.title}>
      <div className="ss-scroll" tabIndex="0">
        <table>
          <caption>{props.title}</caption>
          <thead>
            <tr>
              {props.head.map((cell, column) => (
                <th key={column} scope="col" className={props.numbers[column] ? 'ss-figure' : ''}>
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row, line) => (
              <tr key={line}>
                {row.map(([text, href], column) => (
                  <td key={column} className={props.numbers[column] ? 'ss-figure' : ''}>
                    {href ? <a href={href}>{text}</a> : text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.more ? <p className="ss-note">{props.more}</p> : null}
    </section>
  );
}

const Lasting = window.lasting('Table', Table);
export default <Lasting props={props} />;
